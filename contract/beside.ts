// Modules that are named in a string, since another process or thread is to load them: TypeScript in a clone, which Node runs as
// it is, JavaScript in the package, where Node strips no types. This is the one place that knows which of the two it is.

/** The URL of the module at `path`, relative to the one whose `import.meta.url` is `from`; `path` has no extension. */
export function moduleBeside(from: string, path: string): URL {
  return new URL(`${path}${from.slice(from.lastIndexOf('.'))}`, from)
}
