// Vega, Vega-Lite and Vega-Embed inside the page, from their published builds, so that it works offline and for good.
// Drawings made beforehand stand in their place until (or unless) scripts run.
import { readFile } from 'node:fs/promises'
import { html, inlineScript, jsonScript, type Html } from './html.ts'

const libraries = ['vega', 'vega-lite', 'vega-embed'] as const

const start = `
  const specs = JSON.parse(document.getElementById('charts').textContent)
  for (const [name, spec] of Object.entries(specs)) {
    const drawn = document.createElement('div')
    const actions = { export: { svg: true, png: false }, source: false, compiled: false, editor: false }
    vegaEmbed(drawn, spec, { renderer: 'svg', actions, downloadFileName: 'durabench-' + name })
      .then(() => document.getElementById('chart-' + name).replaceChildren(drawn))
      .catch((error) => console.error('chart ' + name + ' stays as it was drawn beforehand:', error))
  }
  addEventListener('beforeprint', () => document.querySelectorAll('details').forEach((each) => { each.open = true }))
`

export async function scripts(specs: Readonly<Record<string, unknown>>): Promise<Html> {
  // The builds are not among the packages' exports, but they stand beside what is.
  const codes = await Promise.all(libraries.map((name) => readFile(new URL(`${name}.min.js`, import.meta.resolve(name)), 'utf8')))
  return html`${jsonScript('charts', specs)}${codes.map(inlineScript)}${inlineScript(start)}`
}
