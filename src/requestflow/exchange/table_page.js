"use strict";
const data = JSON.parse(document.getElementById("cases").textContent);
const dialog = document.querySelector("dialog");
const title = dialog.querySelector("h2");
const body = dialog.querySelector("tbody");
function show(button) {
  const { row, column, label } = button.dataset;
  const found = (data[row] || []).filter((line) => column === "total" || line[0] === column);
  title.textContent = label + " = " + found.length;
  body.replaceChildren(...found.map((line) => {
    const tr = document.createElement("tr");
    for (const text of line.slice(1)) {
      const td = document.createElement("td");
      td.textContent = text;
      tr.append(td);
    }
    return tr;
  }));
  dialog.showModal();
}
for (const button of document.querySelectorAll("td button")) {
  button.addEventListener("click", () => show(button));
}
dialog.querySelector("button").addEventListener("click", () => dialog.close());
dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
