// A table with figures as rows and engines as columns, since there are more figures than engines. When the columns do not
// fit the terminal they go on in a second table below, rather than being cut.
import { columns, type Paint } from './style.ts'

export interface Row {
  readonly label: string
  /** One an engine; a row without cells is a heading. */
  readonly cells: readonly string[]
}

const gap = 2

export function table(heads: readonly string[], rows: readonly Row[], width: number, paint: Paint): string {
  // A heading may go on over the columns of figures.
  const label = Math.max(...rows.filter((row) => row.cells.length > 0).map((row) => columns(row.label)))
  const widths = heads.map((head, i) => Math.max(columns(head), ...rows.map((row) => columns(row.cells[i] ?? ''))))
  const tables: string[] = []
  for (let from = 0; from < heads.length;) {
    let to = from + 1
    let used = label + gap + widths[from]!
    while (to < heads.length && used + gap + widths[to]! <= width) used += gap + widths[to++]!
    const line = (first: string, cells: readonly string[]): string =>
      [left(first, label), ...cells.slice(from, to).map((cell, i) => right(cell, widths[from + i]!))].join(' '.repeat(gap)).trimEnd()
    const body = rows.map((row) => (row.cells.length === 0 ? paint('bold', row.label) : line(row.label, row.cells)))
    tables.push([line('', heads.map((head) => paint('bold', head))), ...body].join('\n'))
    from = to
  }
  return tables.join('\n\n')
}

function left(text: string, width: number): string {
  return text + ' '.repeat(width - columns(text))
}

function right(text: string, width: number): string {
  return ' '.repeat(width - columns(text)) + text
}
