"""The menus of every page, which are kept, show a change at once."""


def shown(client, address="/sok/"):
    return client.get(address).content.decode()


def test_a_page_is_in_the_menu_as_soon_as_it_is_published(client, pages):
    assert "Så går det till" not in shown(client)

    pages.standard(title="Så går det till", show_in_footer=True)

    assert "Så går det till" in shown(client)


def test_a_page_is_gone_from_the_menu_when_it_is_unpublished(client, pages):
    page = pages.standard(title="Så går det till", show_in_footer=True)
    assert "Så går det till" in shown(client)

    page.unpublish()

    assert "Så går det till" not in shown(client)


def test_each_language_has_its_own_menu(client, pages):
    pages.standard(title="Så går det till", show_in_footer=True)

    assert "Så går det till" in shown(client)
    assert "Så går det till" not in shown(client, "/en/sok/")
