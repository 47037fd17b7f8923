"use strict";
(() => {
  const byId = (id) => document.getElementById(id);

  // A link into something that is folded away opens it.
  const reveal = () => {
    let id = "";
    try { id = decodeURIComponent(location.hash.slice(1)); } catch { return; }
    const target = id && byId(id);
    if (!target) return;
    for (let above = target.parentElement; above; above = above.parentElement) {
      if (above.tagName === "DETAILS") above.open = true;
    }
    target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  reveal();

  // On paper everything is shown.
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const one of opened) one.open = true;
  });
  addEventListener("afterprint", () => {
    for (const one of opened) one.open = false;
    opened = [];
  });

  // Copying works from a file too, where there may be no clipboard to ask.
  const copySelected = (element) => {
    const around = element.closest("details");
    const wasOpen = !around || around.open;
    if (around) around.open = true;
    const selection = getSelection();
    selection.selectAllChildren(element);
    const done = document.execCommand("copy");
    selection.removeAllRanges();
    if (done && !wasOpen) around.open = false;
    if (!done) selection.selectAllChildren(element);
    return done;
  };
  for (const button of document.querySelectorAll("[data-copy]")) {
    const text = byId(button.dataset.copy);
    const status = button.parentElement.querySelector("[role=status]") || button.nextElementSibling;
    button.hidden = false;
    button.addEventListener("click", async () => {
      let done = false;
      try {
        await navigator.clipboard.writeText(text.textContent);
        done = true;
      } catch {
        done = copySelected(text);
      }
      button.focus();
      status.textContent = "";
      setTimeout(() => {
        status.textContent = done ? "Copied." : "Not copied: press Ctrl+C or ⌘C, the text is selected.";
      }, 50);
    });
  }

  // The class: sort and filter, with the state in the address.
  const table = byId("groups");
  if (!table) return;
  const compare = new Intl.Collator("en", { numeric: true, sensitivity: "base" }).compare;
  const form = byId("filters");
  const shown = byId("shown");
  const signs = table.querySelector("col.signs");
  const heads = [...table.querySelectorAll(".heads th.claim")];
  const sections = [...table.querySelectorAll(".sections th")];
  const claims = heads.map((head) => ({
    id: head.dataset.key,
    module: head.dataset.module,
    section: sections.find((one) => head.dataset.module.startsWith(one.dataset.section + "/")),
    text: (head.dataset.key + " " + head.title).toLowerCase(),
    shown: true,
  }));
  const numbers = table.querySelectorAll(".heads th.number").length;
  const rows = [...table.tBodies[0].rows].map((row, index) => {
    const failed = row.classList.contains("failed");
    const cells = failed ? [] : [...row.cells].slice(1 + numbers, 1 + numbers + claims.length);
    const texts = [row.cells[0], ...row.querySelectorAll(".sought, .why")];
    return {
      row, index, failed, cells,
      name: row.cells[0].textContent,
      kinds: cells.map((cell) => cell.className.split(" ")),
      texts: texts.map((cell) => cell.textContent.toLowerCase()),
      matches: [],
    };
  });
  const rates = byId("rates");
  const rateRows = [...rates.tBodies[0].rows].map((row, index) => ({ row, index }));

  const RANKS = { d: 5, q: 4, a: 3, u: 2, c: 1, n: 0 };
  const state = { sort: "", rates: "", finding: "", module: "", group: "", claim: "" };

  const readState = () => {
    const given = new URLSearchParams(location.hash.slice(1));
    for (const key of Object.keys(state)) state[key] = given.get(key) || "";
    for (const key of ["finding", "module", "group", "claim"]) {
      form.elements[key].value = state[key];
      state[key] = form.elements[key].value;
    }
  };
  const writeState = () => {
    const kept = new URLSearchParams(Object.entries(state).filter(([, value]) => value));
    const hash = "#" + kept;
    if (hash === location.hash || (hash === "#" && !location.hash)) return;
    try { history.replaceState(null, "", hash); } catch { location.replace(hash); }
  };

  const filter = () => {
    const group = state.group.toLowerCase();
    const claimWords = state.claim.toLowerCase().split(/\s+/);
    const columns = claims.map((claim) =>
      (!state.module || claim.module === state.module || claim.module.startsWith(state.module + "/"))
      && claimWords.every((word) => claim.text.includes(word)));
    const changed = [];
    columns.forEach((visible, column) => {
      if (visible !== claims[column].shown) changed.push(column);
      claims[column].shown = visible;
    });
    const count = columns.filter(Boolean).length;
    const finding = state.finding;
    let groups = 0;
    for (const one of rows) {
      const matches = finding && finding !== "failed"
        ? one.kinds.map((kinds, column) => columns[column] && kinds.includes(finding)) : [];
      const visible = one.texts.some((text) => text.includes(group))
        && (!finding || (finding === "failed" ? one.failed : matches.includes(true)));
      if (visible) groups += 1;
      one.row.hidden = !visible;
      for (const column of changed) if (!one.failed) one.cells[column].hidden = !columns[column];
      if (one.failed) one.row.cells[1].colSpan = numbers + count;
      one.cells.forEach((cell, column) => {
        const match = Boolean(matches[column]);
        if (match !== Boolean(one.matches[column])) cell.classList.toggle("match", match);
      });
      one.matches = matches;
    }
    if (finding) table.dataset.only = finding; else delete table.dataset.only;
    for (const column of changed) heads[column].hidden = !columns[column];
    for (const section of sections) {
      const several = claims.filter((claim) => claim.section === section && claim.shown).length;
      section.hidden = several === 0;
      if (several) section.colSpan = several;
    }
    signs.hidden = count === 0;
    if (count) signs.span = count;
    const visible = new Set(claims.filter((claim) => claim.shown).map((claim) => claim.id));
    for (const { row } of rateRows) row.hidden = !visible.has(row.cells[0].textContent);
    shown.textContent = `${groups} of ${rows.length} groups, ${count} of ${claims.length} claims shown`;
    roam();
  };

  // One way of sorting for both tables: the key of a column, ".desc" behind it where it runs down.
  const sortTable = (owner, stateKey, entries, valueOf) => {
    const key = state[stateKey].replace(/\.desc$/, "");
    const header = [...owner.querySelectorAll("thead th[data-key]")].find((one) => one.dataset.key === key);
    const down = header && state[stateKey].endsWith(".desc");
    for (const one of owner.querySelectorAll("thead th[data-key]")) one.setAttribute("aria-sort", "none");
    const values = new Map(entries.map((one) => [one, header ? valueOf(one, header) : one.index]));
    const sorted = [...entries].sort((one, other) => {
      const [a, b] = [values.get(one), values.get(other)];
      if (one.failed !== other.failed && header) return one.failed ? 1 : -1;
      const order = typeof a === "string" ? compare(a, b) : a - b;
      return (down ? -order : order) || one.index - other.index;
    });
    if (header) header.setAttribute("aria-sort", down ? "descending" : "ascending");
    const body = owner.tBodies[0];
    if (sorted.some((one, index) => body.rows[index] !== one.row)) body.append(...sorted.map((one) => one.row));
  };
  const sortGroups = () => sortTable(table, "sort", rows, (one, header) => {
    if (header.classList.contains("name")) return one.name;
    if (one.failed) return -1;
    if (header.classList.contains("number")) return Number(one.row.cells[header.cellIndex].textContent);
    const kinds = one.kinds[heads.indexOf(header)];
    return RANKS[kinds[0]] ?? 0;
  });
  const sortRates = () => sortTable(rates, "rates", rateRows, (one, header) => {
    const text = one.row.cells[header.cellIndex].textContent;
    return header.classList.contains("number") ? Number(text) : text;
  });
  const makeSortable = (owner, stateKey, sort) => {
    for (const header of owner.querySelectorAll("thead th[data-key]")) {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...header.childNodes);
      header.append(button);
      button.addEventListener("click", () => {
        const key = header.dataset.key;
        const falls = header.matches(".number, .claim");
        const first = falls ? key + ".desc" : key;
        state[stateKey] = state[stateKey] === first ? (falls ? key : key + ".desc") : first;
        sort();
        writeState();
      });
    }
  };

  // The many links and buttons of the claims are one stop for the Tab key; the arrow keys go from one to the next.
  let stop = null;
  const inCell = (cell) => cell && !cell.hidden && cell.querySelector("a, button");
  const roam = () => {
    if (stop && !stop.closest("[hidden]")) return;
    if (stop) stop.tabIndex = -1;
    const head = heads.find((one) => !one.hidden);
    stop = head ? inCell(head) : null;
    if (stop) stop.tabIndex = 0;
  };
  const columnOf = (cell) => cell.cellIndex;
  const next = (cell, key) => {
    const step = key === "ArrowRight" || key === "ArrowDown" ? 1 : -1;
    if (key === "ArrowLeft" || key === "ArrowRight") {
      for (let other = cell; (other = step > 0 ? other.nextElementSibling : other.previousElementSibling);) {
        const found = roaming(other) && inCell(other);
        if (found) return found;
      }
      return null;
    }
    const lines = [table.tHead.rows[1], ...table.tBodies[0].rows].filter((row) => !row.hidden && !row.classList.contains("failed"));
    for (let at = lines.indexOf(cell.parentElement) + step; at >= 0 && at < lines.length; at += step) {
      const found = inCell(lines[at].cells[columnOf(cell)]);
      if (found) return found;
    }
    return null;
  };
  const roaming = (cell) => cell.matches(".claim, tbody td:not(.number, .text, .why)");
  table.addEventListener("keydown", (event) => {
    if (!event.key.startsWith("Arrow") || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const cell = event.target.closest("td, th");
    if (!cell || !roaming(cell)) return;
    const found = next(cell, event.key);
    if (!found) return;
    event.preventDefault();
    found.focus();
  });
  table.addEventListener("focusin", (event) => {
    const cell = event.target.closest("td, th");
    if (!cell || !roaming(cell) || event.target === stop) return;
    if (stop) stop.tabIndex = -1;
    stop = event.target;
    stop.tabIndex = 0;
  });

  // What a sign means, when it is pointed at or reached.
  const meanings = new Map([...form.elements.finding.options].map((option) => [option.value, option.textContent]));
  const explain = (event) => {
    const link = event.target.closest("tbody td:not(.number, .text, .why) a");
    if (!link || link.title) return;
    const cell = link.parentElement;
    const column = cell.cellIndex - 1 - numbers;
    const said = cell.className.split(" ").map((kind) => meanings.get(kind)).filter(Boolean).join(", ");
    link.title = `${cell.parentElement.cells[0].textContent.trim()}, ${claims[column].id} ${heads[column].title}: ${said}`;
  };
  table.addEventListener("mouseover", explain);
  table.addEventListener("focusin", explain);

  makeSortable(table, "sort", sortGroups);
  makeSortable(rates, "rates", sortRates);
  for (const button of table.querySelectorAll(".heads .claim button")) button.tabIndex = -1;
  for (const link of table.querySelectorAll("tbody td:not(.number, .text, .why) a")) link.tabIndex = -1;

  let waiting = 0;
  form.addEventListener("input", (event) => {
    state[event.target.name] = event.target.value.trim();
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(() => { filter(); writeState(); });
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    for (const key of ["finding", "module", "group", "claim"]) {
      form.elements[key].value = "";
      state[key] = "";
    }
    filter();
    writeState();
  });
  const restore = () => {
    if (location.hash && !location.hash.includes("=")) return;
    readState();
    filter();
    sortGroups();
    sortRates();
  };
  addEventListener("hashchange", restore);
  form.hidden = false;
  restore();
})();
