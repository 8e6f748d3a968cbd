// HTML that escapes by default: whatever is put into a template is text, unless it is HTML already. Findings quote what
// engines and worlds said, so nothing of it may become markup.

export class Html {
  readonly markup: string
  constructor(markup: string) {
    this.markup = markup
  }
}

type Value = Html | string | number | readonly Html[] | null

export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(parts.map((part, i) => (i === 0 ? part : markup(values[i - 1]!) + part)).join(''))
}

function markup(value: Value): string {
  if (value === null) return ''
  if (value instanceof Html) return value.markup
  return typeof value === 'object' ? value.map((each) => each.markup).join('\n') : escape(String(value))
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;')
}

/** JSON inside a script element: `<` never appears, so no `</script>` and no `<!--` can. */
export function jsonScript(id: string, value: unknown): Html {
  return new Html(`<script type="application/json" id="${escape(id)}">${JSON.stringify(value).replaceAll('<', '\\u003c')}</script>`)
}

/**
 * JavaScript inside a script element. HTML ends it at `</script`, and reads on strangely after `<!--` or `<script`; in
 * minified code these occur only within strings and regular expressions, where `\x3c` means the same.
 */
export function inlineScript(code: string): Html {
  return new Html(`<script>${code.replaceAll(/<(?=!--|\/?script)/gi, '\\x3c')}</script>`)
}
