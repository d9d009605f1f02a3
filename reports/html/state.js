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
function reveal(element) {
  for (let each = element; each !== null; each = each.parentElement) if (each.localName === "details") each.open = true;
  element.scrollIntoView();
  // What comes into view for the first time gets its true height, and moves what is below it.
  requestAnimationFrame(() => requestAnimationFrame(() => element.scrollIntoView()));
}

// The fields of the form by their names, each a text: what is wanted.
function wanted(form, fields) {
  return Object.fromEntries(fields.map((name) => {
    const field = form.elements[name];
    return [name, field.type === "checkbox" ? (field.checked ? "1" : "") : field.value];
  }));
}

function setField(field, value) {
  // A link may call a verdict as a class is called: "not-applicable".
  const alike = (option) => option.value.replaceAll(" ", "-") === value.replaceAll(" ", "-");
  if (field.type === "checkbox") field.checked = value !== "";
  else if (field.options === undefined) field.value = value;
  else field.value = [...field.options].find(alike)?.value ?? "";
}

// Keeps the form, the address and what is shown in step. `apply` is told what is wanted.
function startFilters(form, fields, apply) {
  const show = () => apply(wanted(form, fields));
  // A link to a place keeps the filters, unless the place is filtered away.
  const follow = () => {
    const params = state.read();
    const at = params.get("at") ?? "";
    const place = at === "" ? null : document.getElementById(at);
    if (location.hash.startsWith("#?")) for (const name of fields) setField(form.elements[name], params.get(name) ?? "");
    show();
    if (place?.closest("[hidden]")) {
      for (const name of fields) setField(form.elements[name], "");
      show();
    }
    if (location.hash !== "") state.write({ ...wanted(form, fields), at });
    if (place !== null) reveal(place);
  };
  const change = () => { show(); state.write(wanted(form, fields)); };
  let timer = 0;
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(change, 80); });
  form.addEventListener("reset", () => setTimeout(change));
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", follow);
  addSearchKeys(form.elements.q);
  form.hidden = false;
  follow();
}

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

// The words of a search; a row fits if it has all of them.
function wordsOf(text) {
  return text.toLowerCase().split(/\s+/).filter((word) => word !== "");
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
