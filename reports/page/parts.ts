// Small pieces that several sections of the page share: verdicts with their symbol, tables that scroll by themselves.
import type { Engine } from '../engines.ts'
import { symbols, type Standing } from '../verdicts.ts'
import { html, type Html } from './html.ts'

export function badge(standing: Standing, text: string = standing): Html {
  return html`<span class="badge ${standing}"><span aria-hidden="true">${symbols[standing]}</span> ${text}</span>`
}

/** Wide tables scroll in a box of their own; the page never does. */
export function scroll(table: Html): Html {
  return html`<div class="scroll" tabindex="0">${table}</div>`
}

export function section(id: string, title: string, about: string, ...content: readonly (Html | null)[]): Html {
  const shown = content.filter((part) => part !== null)
  return html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${about === '' ? null : html`<p class="about">${about}</p>`}${shown}</section>`
}

/** A table of facts: engines as columns. */
export function matrix(caption: string, engines: readonly Engine[], rows: readonly { readonly label: string; readonly cells: readonly (Html | string)[] }[]): Html {
  return scroll(html`<table class="matrix"><caption>${caption}</caption>
    <thead><tr><td></td>${engines.map((engine) => html`<th scope="col">${engine.title}</th>`)}</tr></thead>
    <tbody>${rows.map((row) => html`<tr><th scope="row">${row.label}</th>${row.cells.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody></table>`)
}

/** A page of an engine's makers: its address is the text, so that it survives print. */
export function source(page: string): Html {
  return /^https?:\/\//.test(page) ? html`<a class="source" rel="noreferrer" href="${page}">${page}</a>` : html`<span class="source">${page}</span>`
}
