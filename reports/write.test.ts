import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { healthy } from './sample.test-data.ts'
import { writeReports } from './write.ts'

describe('writing reports', () => {
  let folder = ''
  beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'durabench-reports-')) })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  it('leaves four whole files and nothing else, in a folder that it makes', async () => {
    const run = join(folder, 'results', 's7')
    await writeReports(run, healthy())
    expect((await readdir(run)).sort()).toEqual(['junit.xml', 'report.html', 'result.json', 'summary.md'])
    expect(JSON.parse(await readFile(join(run, 'result.json'), 'utf8'))).toEqual(JSON.parse(JSON.stringify(healthy())))
    expect(await readFile(join(run, 'report.html'), 'utf8')).toMatch(/<\/html>$/)
  })

  it('replaces an older report', async () => {
    await writeFile(join(folder, 'summary.md'), 'old')
    await writeReports(folder, healthy())
    expect(await readFile(join(folder, 'summary.md'), 'utf8')).toContain('durabench bench')
  })

  it('says what to do when it cannot write, and leaves no part behind', async () => {
    await mkdir(join(folder, 'summary.md'))
    await expect(writeReports(folder, healthy())).rejects.toThrow(/expected to write .*summary\.md; found: .*; free some space/)
    expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([])
  })
})
