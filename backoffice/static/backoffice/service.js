// Says below the price how its form is understood, before it is saved: "45 min, £45.00".
"use strict";

// As backoffice/calendar/fields.py reads them.
function minutes(text) {
  const clock = /^(\d{1,4}):([0-5]\d)(?::00)?$/.exec(text);
  if (clock) return Number(clock[1]) * 60 + Number(clock[2]);
  return /^\d{1,6}$/.test(text) ? Number(text) : null;
}

function span(total) {
  const [hours, rest] = [Math.floor(total / 60), total % 60];
  return [hours && `${hours} h`, (rest || !hours) && `${rest} min`].filter(Boolean).join(" ");
}

function money(text, code) {
  if (!/^\d{1,8}(?:[.,]\d{1,3})?$/.test(text)) return null;
  const digits = (text.split(/[.,]/)[1] || "").length;
  try {
    const format = new Intl.NumberFormat("en-GB", { style: "currency", currency: code });
    if (digits > format.resolvedOptions().maximumFractionDigits) return null;
    return format.format(Number(text.replace(",", ".")));
  } catch {
    return null; // no such currency
  }
}

function show() {
  const [length, price, currency] = ["duration", "price", "currency"].map((name) => document.getElementById(`id_${name}`));
  const said = document.createElement("p");
  said.setAttribute("role", "status");
  said.className = "font-medium mt-2";
  price.after(said);
  const read = () => {
    const [took, costs] = [minutes(length.value.trim()), money(price.value.trim(), currency.value.trim())];
    said.textContent = took === null || costs === null ? "" : `Reads as: ${span(took)}, ${costs}`;
  };
  for (const field of [length, price, currency]) field.addEventListener("input", read);
  read();
}

document.addEventListener("DOMContentLoaded", () => {
  if (document.getElementById("id_price")) show(); // who only looks has no form
});
