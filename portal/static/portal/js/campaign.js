// Somebody came by a campaign's link (?k=code): hand the code on to the links and searches of the
// page, so that it goes with the visitor. Nothing is stored in the browser.
const code = new URLSearchParams(location.search).get("k");

if (code) {
  for (const link of document.querySelectorAll('a[href^="/"]')) {
    const url = new URL(link.href);
    if (!url.searchParams.has("k")) url.searchParams.set("k", code);
    link.href = url.pathname + url.search + url.hash;
  }
  for (const form of document.querySelectorAll('form:not([method="post"])[action]')) {
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name: "k", value: code });
    form.append(input);
  }
}
