// Removes what carries the labels that its clients have named, some seconds after the last of them is gone: containers, then networks,
// volumes and images. Then it ends, and its container with it.
const http = require('node:http')
const net = require('node:net')

const socketPath = '/var/run/docker.sock'
const goneMs = Number.parseFloat(process.env.RYUK_RECONNECTION_TIMEOUT ?? '10') * 1_000
const firstMs = Number.parseFloat(process.env.RYUK_CONNECTION_TIMEOUT ?? '60') * 1_000
const filters = new Set()
let clients = 0
let timer = setTimeout(reap, firstMs)

net.createServer((socket) => {
  clients += 1
  clearTimeout(timer)
  let heard = ''
  socket.on('data', (data) => {
    const lines = (heard + data).split('\n')
    heard = lines.pop()
    for (const line of lines) {
      filters.add(line.trim())
      socket.write('ACK\n')
    }
  })
  socket.on('error', () => undefined)
  socket.on('close', () => {
    clients -= 1
    if (clients === 0) timer = setTimeout(reap, goneMs)
  })
}).listen(8080, '0.0.0.0', () => console.log('Started!'))

async function reap() {
  for (const filter of filters) {
    const label = filter.replace(/^label=/, '')
    const about = `filters=${encodeURIComponent(JSON.stringify({ label: [label] }))}`
    for (const { Id, Labels } of await list(`/containers/json?all=true&${about}`)) {
      if (Labels['org.testcontainers.ryuk'] !== 'true') await call('DELETE', `/containers/${Id}?force=true&v=true`)
    }
    for (const { Id } of await list(`/networks?${about}`)) await call('DELETE', `/networks/${Id}`)
    for (const { Name } of (await call('GET', `/volumes?${about}`)).Volumes ?? []) await call('DELETE', `/volumes/${Name}?force=true`)
    for (const { Id } of await list(`/images/json?${about}`)) await call('DELETE', `/images/${Id}?force=true`)
  }
  process.exit()
}

const list = async (path) => (await call('GET', path)) ?? []

function call(method, path) {
  return new Promise((resolve, reject) => {
    http.request({ socketPath, method, path }, (answer) => {
      let text = ''
      answer.on('data', (data) => (text += data))
      answer.on('end', () => resolve(text === '' ? null : JSON.parse(text)))
    }).on('error', reject).end()
  })
}
