// Moves appointments by drag and by keyboard. Nothing is moved here: the end of each is a page that
// says what moving there means, and asks.
"use strict";

const agenda = document.querySelector(".agenda");
const said = document.querySelector("[data-said]");
const step = Number(agenda.dataset.step);
const first = Number(agenda.dataset.first);
const last = Number(agenda.dataset.last);
const columns = [...agenda.querySelectorAll(".agenda-column")];
const FAR = 6; // pixels: less is a click

const clock = (minute) =>
  String(Math.floor(minute / 60)).padStart(2, "0") + ":" + String(minute % 60).padStart(2, "0");
const heightOf = (time) => time.getBoundingClientRect().height / (last - first);
const timeOf = (column) => column.querySelector(".agenda-time");

function say(words) {
  said.textContent = words;
}

function place(move) {
  const from = timeOf(move.home).getBoundingClientRect();
  const to = timeOf(columns[move.column]).getBoundingClientRect();
  const down = (move.minute - move.start) * heightOf(timeOf(move.home));
  move.block.style.transform = `translate(${to.left - from.left}px, ${down}px)`;
  say(`${move.words}: ${columns[move.column].dataset.title}, ${clock(move.minute)}`);
}

function lift(block) {
  const home = block.closest(".agenda-column");
  const start = Number(block.dataset.start);
  block.classList.add("agenda-moving");
  return { block, home, start, words: block.dataset.words, minute: start, column: columns.indexOf(home) };
}

function drop(move) {
  move.block.classList.remove("agenda-moving");
  move.block.style.transform = "";
}

function ask(move) {
  const column = columns[move.column];
  if (column === move.home && move.minute === move.start) {
    drop(move);
    return say("It stays where it is.");
  }
  const to = new URLSearchParams({ day: column.dataset.day, time: clock(move.minute) });
  if (column.dataset.resource) to.set("resource", column.dataset.resource);
  window.location = agenda.dataset.move.replace("BK-REFERENCE", move.block.dataset.reference) + "?" + to;
}

const within = (minute) => Math.max(first, Math.min(minute, last - step));

// By drag, with a mouse or a pen: a finger scrolls.
let dragged = null;
let wasDragged = false;

agenda.addEventListener("pointerdown", (event) => {
  const block = event.target.closest("[data-movable]");
  if (!block || event.button !== 0 || event.pointerType === "touch") return;
  dragged = { block, x: event.clientX, y: event.clientY, move: null };
});

window.addEventListener("pointermove", (event) => {
  if (!dragged) return;
  const down = event.clientY - dragged.y;
  if (!dragged.move && Math.hypot(event.clientX - dragged.x, down) < FAR) return;
  const move = (dragged.move ??= lift(dragged.block));
  const minutes = down / heightOf(timeOf(move.home));
  move.minute = within(move.start + Math.round(minutes / step) * step);
  const over = columns.findIndex((column) => {
    const box = column.getBoundingClientRect();
    return box.left <= event.clientX && event.clientX < box.right;
  });
  if (over >= 0) move.column = over;
  place(move);
});

window.addEventListener("pointerup", () => {
  if (dragged?.move) {
    wasDragged = true;
    setTimeout(() => (wasDragged = false));
    ask(dragged.move);
  }
  dragged = null;
});

// Free times are links, which the browser would drag by itself.
agenda.addEventListener("dragstart", (event) => event.preventDefault());

window.addEventListener("pointercancel", () => {
  if (dragged?.move) drop(dragged.move);
  dragged = null;
});

agenda.addEventListener(
  "click",
  (event) => {
    if (!wasDragged) return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);

// By keyboard: M lifts, arrows move, Enter asks, Escape leaves it.
let lifted = null;
const ARROWS = {
  ArrowUp: [-step, 0],
  ArrowDown: [step, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

agenda.addEventListener("keydown", (event) => {
  const block = event.target.closest("[data-movable]");
  if (!lifted) {
    if (!block || event.key.toLowerCase() !== "m" || event.ctrlKey || event.metaKey) return;
    lifted = lift(block);
    say(`Moving ${lifted.words}. Arrow keys choose, Enter shows what it means, Escape leaves it.`);
    return event.preventDefault();
  }
  if (event.key in ARROWS) {
    const [minutes, aside] = ARROWS[event.key];
    lifted.minute = within(lifted.minute + minutes);
    lifted.column = Math.max(0, Math.min(lifted.column + aside, columns.length - 1));
    place(lifted);
  } else if (event.key === "Enter") {
    ask(lifted);
    lifted = null;
  } else if (event.key === "Escape" || event.key === "Tab") {
    drop(lifted);
    lifted = null;
    say("It stays where it is.");
    if (event.key === "Tab") return;
  } else {
    return;
  }
  event.preventDefault();
});

document.querySelector("[data-print]").addEventListener("click", () => window.print());

// Begin where there is something to do: at now, or at the first appointment.
const start = agenda.querySelector(".agenda-now") ?? agenda.querySelector(".agenda-block");
if (start) agenda.scrollTop = Math.max(0, start.offsetTop - 120);
