"use strict";
// What a page shows is in the fragment of its address, "#?q=rset&verdict=fail&at=s-smtp.rset.x", so that a link can be
// passed on and the way back works, in a file as on a server. "#s-smtp.rset.x" alone is a plain place on the page.
const state = {
  read() {
    const hash = location.hash;
    if (hash.startsWith("#?")) return new URLSearchParams(hash.slice(2));
    const plain = new URLSearchParams();
    if (hash.length > 1) plain.set("at", decodeURIComponent(hash.slice(1)));
    return plain;
  },
  write(values) {
    const params = new URLSearchParams(Object.entries(values).filter(([, value]) => value !== ""));
    const names = [...params.keys()];
    const plain = names.length === 1 && names[0] === "at";
    history.replaceState(null, "", plain ? "#" + encodeURIComponent(values.at) : "#?" + params);
  },
};

// Opens whatever an element is folded into, and brings it into view.
function reveal(id) {
  const element = id === "" ? null : document.getElementById(id);
  if (element === null) return;
  for (let each = element; each !== null; each = each.parentElement) if (each.localName === "details") each.open = true;
  element.scrollIntoView();
  // What comes into view for the first time gets its true height, and moves what is below it.
  requestAnimationFrame(() => requestAnimationFrame(() => element.scrollIntoView()));
}

// Commands get a button once they are seen.
function addCopyButtons(root) {
  for (const block of root.querySelectorAll(".copy:not(.has-button)")) {
    const text = block.textContent;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Copy";
    button.addEventListener("click", () => {
      navigator.clipboard.writeText(text).then(() => { button.textContent = "Copied"; }, () => getSelection().selectAllChildren(block));
    });
    block.classList.add("has-button");
    block.append(button);
  }
}
document.addEventListener("toggle", (event) => { if (event.target.open) addCopyButtons(event.target); }, true);

// The keys that people know: / searches, Escape forgets the search.
function addSearchKeys(input) {
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input, select, textarea");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      input.focus();
      input.select();
    }
    if (event.key === "Escape" && event.target === input) {
      input.value = "";
      input.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });
}
