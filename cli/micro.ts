// npm run bench:micro: tinybench over durabench's own hot paths.
import { micro } from '../bench/micro.ts'
import { parse } from './options.ts'

export async function microCommand(argv: readonly string[]): Promise<number> {
  parse(argv, {}, false)
  await micro()
  return 0
}
