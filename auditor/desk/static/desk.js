"use strict";
(() => {
  document.documentElement.classList.add("js");
  const find = (selector) => document.querySelector(selector);
  const form = () => document.getElementById("decision");
  const typing = (element) => element && element.matches("input:not([type=radio]), textarea, select");
  let busy = false;

  const overrule = (on) => {
    const one = form();
    if (!one) return;
    one.classList.toggle("overruling", on);
    find("[data-overrule]").setAttribute("aria-expanded", String(on));
    if (on) one.querySelector("[name=verdict]").focus();
    else one.querySelectorAll("[name=verdict]").forEach((choice) => { choice.checked = false; });
  };

  const go = (step) => {
    const links = [...document.querySelectorAll(".queue .questions a")];
    if (!links.length) return false;
    const at = links.indexOf(document.activeElement);
    links[Math.min(links.length - 1, Math.max(0, at + step))].focus();
    return true;
  };

  const SAME = { ArrowLeft: "p", ArrowRight: "s" };

  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    const at = document.activeElement;
    if (document.getElementById("keys")?.open) return;
    if (event.key === "Escape") {
      if (typing(at)) at.blur();
      else overrule(false);
      return;
    }
    if (typing(at)) {
      if (event.key !== "Enter" || at.name !== "note") return;
      event.preventDefault();
      if (form().classList.contains("overruling")) find("[data-decides]").click();
      else at.blur();
      return;
    }
    if (busy) { event.preventDefault(); return; }
    if (event.key === "Enter") {
      if (at && at.matches("a, button, summary")) return;
      if (form()?.classList.contains("overruling")) { event.preventDefault(); find("[data-decides]").click(); return; }
    }
    if ((event.key === "j" || event.key === "k") && go(event.key === "j" ? 1 : -1)) { event.preventDefault(); return; }
    if (event.key.startsWith("Arrow") && at && at.closest("pre, .answer, .scroll, [type=radio]")) return;
    const key = SAME[event.key] || event.key;
    const wanted = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key);
    if (!wanted || wanted.disabled) return;
    if (/^[1-9]$/.test(key)) {
      if (!form().classList.contains("overruling")) return;
      event.preventDefault();
      wanted.checked = true;
      form().elements.note.focus();
      return;
    }
    event.preventDefault();
    if (typing(wanted)) wanted.focus();
    else wanted.click();
  });

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.opens) document.getElementById(button.dataset.opens).showModal();
    if ("overrule" in button.dataset) overrule(!form().classList.contains("overruling"));
    if ("decides" in button.dataset && !form().querySelector("[name=verdict]:checked")) {
      event.preventDefault();
      form().querySelector("[name=verdict]").focus();
    }
    if (button.dataset.copy) {
      const text = document.getElementById(button.dataset.copy);
      const status = button.parentElement.querySelector("[role=status]");
      let done = true;
      try {
        await navigator.clipboard.writeText(text.textContent);
      } catch {
        getSelection().selectAllChildren(text);
        done = document.execCommand("copy");
      }
      status.textContent = done ? "Copied." : "Press Ctrl+C or ⌘C: the text is selected.";
    }
  });

  document.addEventListener("htmx:beforeRequest", (event) => {
    busy = event.detail.requestConfig.verb === "post" || event.detail.boosted;
  });
  for (const end of ["htmx:afterSettle", "htmx:sendError", "htmx:swapError", "htmx:sendAbort", "htmx:timeout"]) {
    document.addEventListener(end, () => { busy = false; });
  }
  document.addEventListener("htmx:sendError", () => {
    const main = document.getElementById("main");
    const told = document.createElement("p");
    told.className = "error";
    told.setAttribute("role", "alert");
    told.textContent = "The desk does not answer: nothing was written. Start it again with `auditor serve`.";
    main.prepend(told);
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target === document.body) document.getElementById("main").focus({ preventScroll: true });
  });
})();
