// The homegrown engine, lying: ends are written by their key alone. For `durabench chaos --drivers`.
import { driver as honest } from '../../drivers/homegrown/driver.ts'
import { withMutation } from '../mutant.ts'

export const driver = withMutation('unfenced-ends', { parkAfterMs: 60_000 })({ ...honest, title: 'homegrown, whose ends are written without the fence' })
