#!/usr/bin/env node
// The command's shim: starts the CLI with Node 24 from the npm package `node`, so that an older Node on the machine is enough.
// It replaces itself as far as Node can: signals and the exit code pass through. The channel between the two carries nothing;
// its end tells the CLI that the shim is gone, even if it was killed.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const [major] = process.versions.node.split('.').map(Number)
const program = major >= 24 ? process.execPath : bundled()
if (program === null) {
  console.error(`durabench needs Node 24 or the npm package 'node'; found Node ${process.versions.node} and no such package that was set up. Install with install scripts allowed, or install Node 24.`)
  process.exit(2)
}
// TypeScript in a clone, JavaScript in the package.
const cli = ['js', 'ts'].map((extension) => fileURLToPath(new URL(`../cli/main.${extension}`, import.meta.url))).find((file) => existsSync(file))
const child = spawn(program, ['--disable-warning=ExperimentalWarning', cli, ...process.argv.slice(2)], { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] })
// A terminal's Ctrl-C reaches the CLI twice then, which knows that it may.
const polite = ['SIGINT', 'SIGTERM', 'SIGHUP']
for (const name of polite) process.on(name, () => child.kill(name))
child.on('error', (error) => {
  console.error(`durabench: could not start ${program}: ${error.message}`)
  process.exit(1)
})
child.on('exit', (code, signal) => {
  // One that came before the CLI could handle it is an interruption all the same.
  if (polite.includes(signal)) process.exit(130)
  if (signal !== null) console.error(`durabench: the harness was ended by ${signal}; what it started ends within 5 s, and 'durabench report' shows what was done`)
  process.exit(code ?? 1)
})

/** Wherever npm has put the package: beside this one, or in its own node_modules. Its install script brings the program. */
function bundled() {
  try {
    const file = join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin', 'node')
    return existsSync(file) ? file : null
  } catch {
    return null
  }
}
