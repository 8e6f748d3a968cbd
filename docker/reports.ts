// For docker-compose.yml: the results' folder as pages, for reading alone. Which address of the host it is to be reached by is what
// the compose file publishes: 127.0.0.1.
//   node docker/reports.ts FOLDER PORT
import { createReadStream } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import { extname, join, sep } from 'node:path'

const types: Readonly<Record<string, string>> = { '.html': 'text/html; charset=utf-8', '.json': 'application/json', '.xml': 'application/xml' }

const [folder = 'results', port] = process.argv.slice(2)
const root = await realpath(folder)

async function answer(path: string, response: ServerResponse): Promise<void> {
  // As it is on the disk, so that neither `..` nor a link leads out of the folder.
  const file = await realpath(join(root, decodeURIComponent(path)))
  if (file !== root && !file.startsWith(root + sep)) throw new Error('outside')
  if ((await stat(file)).isDirectory()) {
    response.writeHead(200, { 'content-type': types['.html'] })
    response.end(await list(file, path.endsWith('/') ? path : `${path}/`))
    return
  }
  response.writeHead(200, { 'content-type': types[extname(file)] ?? 'text/plain; charset=utf-8' })
  createReadStream(file).pipe(response)
}

/** Newest first: runs are named by their beginnings. At the top a run leads to its report. */
async function list(folder: string, path: string): Promise<string> {
  const entries = (await readdir(folder, { withFileTypes: true })).sort((a, b) => b.name.localeCompare(a.name))
  const items = entries.map((entry) => {
    const href = path + encodeURIComponent(entry.name) + (entry.isDirectory() ? '/' : '')
    const report = path === '/' && entry.isDirectory() ? ` <a href="${href}report.html">report</a>` : ''
    return `<li><a href="${href}">${escaped(entry.name)}</a>${report}</li>`
  })
  return `<!doctype html><meta charset="utf-8"><title>durabench</title><h1>durabench ${escaped(path)}</h1>${items.length === 0 ? '<p>No run has left anything yet.</p>' : `<ul>${items.join('')}</ul>`}\n`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://reports')
  answer(pathname, response).catch(() => {
    response.writeHead(404, { 'content-type': 'text/plain' })
    response.end('no such file\n')
  })
})
server.listen(Number(port), () => console.log(`reports of ${root} on port ${port}`))
process.on('SIGTERM', () => process.exit(0))
