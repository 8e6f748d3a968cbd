import { describe, expect, it } from 'vitest'
import { random } from '../../contract/random.ts'
import { ddmin } from './ddmin.ts'

const list = Array.from({ length: 40 }, (_, i) => i)

async function shrunk(needed: readonly number[], whole: readonly number[] = list): Promise<{ left: readonly number[]; asked: number; heard: (readonly number[])[] }> {
  let asked = 0
  const heard: (readonly number[])[] = []
  const left = await ddmin(whole, (part) => {
    asked++
    return Promise.resolve(needed.every((item) => part.includes(item)))
  }, (part) => heard.push(part))
  return { left, asked, heard }
}

describe('delta debugging', () => {
  it.each([[[7]], [[0, 39]], [[3, 4, 5]], [[1, 20, 38]], [list]])('comes to just what is needed: %j', async (needed) => {
    expect((await shrunk(needed)).left).toEqual(needed)
  })

  it('comes to nothing where nothing is needed', async () => {
    expect((await shrunk([])).left).toEqual([])
    expect((await shrunk([], [1])).left).toEqual([])
  })

  it('finds one of forty in a dozen questions', async () => {
    expect((await shrunk([25])).asked).toBeLessThanOrEqual(13)
  })

  it('tells of each part that still fails, the last being the result', async () => {
    const { left, heard } = await shrunk([3, 30])
    expect(heard.at(-1)).toEqual(left)
    for (const part of heard) expect(part).toEqual(expect.arrayContaining([3, 30]))
  })

  it('leaves nothing in that could be left out alone, whatever fails', async () => {
    const draws = random(1, 'ddmin')
    for (let round = 0; round < 50; round++) {
      const either = [draws.shuffle(list).slice(0, 1 + draws.below(4)), draws.shuffle(list).slice(0, 1 + draws.below(4))]
      const fails = (part: readonly number[]): boolean => either.some((needed) => needed.every((item) => part.includes(item)))
      const left = await ddmin(list, (part) => Promise.resolve(fails(part)), () => undefined)
      expect(fails(left)).toBe(true)
      for (const item of left) expect(fails(left.filter((other) => other !== item))).toBe(false)
    }
  })
})
