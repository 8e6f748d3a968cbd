// Writes the JSON Schema of a Result from the types of contract/result.ts, so that the two cannot drift apart:
//   node reports/schema.ts > reports/result.schema.json
// It knows the kinds of types that the contract uses, and stops at any other rather than guess. A developer's tool.
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

type Schema = { readonly [key: string]: unknown }

/** The schema (draft 2020-12) of `Result`. */
export function resultSchema(): Schema {
  const file = fileURLToPath(new URL('../contract/result.ts', import.meta.url))
  const program = ts.createProgram([file], { strict: true, exactOptionalPropertyTypes: true, allowImportingTsExtensions: true, noEmit: true, module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2024 })
  const checker = program.getTypeChecker()
  const source = program.getSourceFile(file)
  const module = source && checker.getSymbolAtLocation(source)
  const result = module && checker.getExportsOfModule(module).find((symbol) => symbol.name === 'Result')
  if (result === undefined) throw new Error(`expected an exported type Result in ${file}; found none`)
  const described = new Describer(checker)
  const root = described.of(checker.getDeclaredTypeOfSymbol(result))
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'durabench result',
    description: 'What a run leaves behind. Times of a point are milliseconds, histograms microseconds.',
    $ref: root['$ref'],
    $defs: Object.fromEntries([...described.definitions].sort(([a], [b]) => a.localeCompare(b))),
  }
}

class Describer {
  readonly definitions = new Map<string, Schema>()
  readonly #checker: ts.TypeChecker

  constructor(checker: ts.TypeChecker) {
    this.#checker = checker
  }

  of(type: ts.Type): Schema {
    const name = this.#named(type)
    if (name === null) return this.#plain(type)
    if (!this.definitions.has(name)) {
      this.definitions.set(name, {})
      this.definitions.set(name, this.#plain(type))
    }
    return { $ref: `#/$defs/${name}` }
  }

  /** Interfaces and aliases of the contract get a definition of their own; generic ones (Readonly, Record) do not. */
  #named(type: ts.Type): string | null {
    const symbol = type.aliasSymbol ?? (type.isClassOrInterface() ? type.symbol : undefined)
    const own = symbol?.declarations?.some((declaration) => declaration.getSourceFile().fileName.includes('/contract/'))
    return symbol !== undefined && own === true && type.aliasTypeArguments === undefined && symbol.name !== '__type' ? symbol.name : null
  }

  #plain(type: ts.Type): Schema {
    if (type.aliasSymbol?.name === 'Json') return {}
    if (isLiteral(type)) return { const: type.value }
    if (type.isUnion()) return this.#union(type)
    if (type.flags & ts.TypeFlags.String) return { type: 'string' }
    if (type.flags & ts.TypeFlags.Number) return { type: 'number' }
    if (type.flags & ts.TypeFlags.BooleanLike) return { type: 'boolean' }
    if (type.flags & ts.TypeFlags.Null) return { type: 'null' }
    if (this.#checker.isTupleType(type)) {
      const items = this.#checker.getTypeArguments(type as ts.TypeReference).map((item) => this.of(item))
      return { type: 'array', prefixItems: items, minItems: items.length, maxItems: items.length }
    }
    if (this.#checker.isArrayType(type)) return { type: 'array', items: this.of(this.#checker.getTypeArguments(type as ts.TypeReference)[0]!) }
    if (type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) return this.#object(type)
    throw new Error(`expected a type that JSON has; found ${this.#checker.typeToString(type)}; teach reports/schema.ts about it or change the contract`)
  }

  #union(type: ts.UnionType): Schema {
    const literals = type.types.filter(isLiteral)
    const booleans = type.types.filter((each) => each.flags & ts.TypeFlags.BooleanLiteral)
    const others = type.types.filter((each) => !isLiteral(each) && !(each.flags & (ts.TypeFlags.BooleanLiteral | ts.TypeFlags.Undefined)))
    const parts: Schema[] = [
      // Sorted, because the compiler's own order changes with unrelated code.
      ...(literals.length === 0 ? [] : [{ enum: literals.map((each) => each.value).sort() }]),
      ...(booleans.length === 0 ? [] : [{ type: 'boolean' }]),
      ...others.map((each) => this.of(each)),
    ]
    return parts.length === 1 ? parts[0]! : { anyOf: parts }
  }

  #object(type: ts.Type): Schema {
    const index = this.#checker.getIndexInfoOfType(type, ts.IndexKind.String)
    const properties = this.#checker.getPropertiesOfType(type)
    const shapes = properties.map((property): [string, Schema] => {
      const about = ts.displayPartsToString(property.getDocumentationComment(this.#checker))
      const shape = this.of(this.#checker.getTypeOfSymbol(property))
      return [property.name, about === '' ? shape : { description: about, ...shape }]
    })
    return {
      type: 'object',
      ...(shapes.length === 0 ? {} : { properties: Object.fromEntries(shapes) }),
      required: properties.filter((property) => !(property.flags & ts.SymbolFlags.Optional)).map((property) => property.name).sort(),
      additionalProperties: index === undefined ? false : this.of(index.type),
    }
  }
}

function isLiteral(type: ts.Type): type is ts.StringLiteralType | ts.NumberLiteralType {
  return type.isStringLiteral() || type.isNumberLiteral()
}

if (import.meta.main) console.log(JSON.stringify(resultSchema(), null, 1))
