// While a day is being planned, ask every two seconds whether it is, and show the plan once.

const EVERY = 2000;

async function look() {
  try {
    const html = await (await fetch(location.href)).text();
    const page = new DOMParser().parseFromString(html, "text/html");
    if (!page.querySelector("[data-being-planned]")) return location.reload();
  } catch {
    // No answer just now: the next look may get one.
  }
  setTimeout(look, EVERY);
}

if (document.querySelector("[data-being-planned]")) setTimeout(look, EVERY);
