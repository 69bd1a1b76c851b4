"""What schools and preschools tell of lesson ideas: how they did one, or one of their own."""
