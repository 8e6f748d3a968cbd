// The homegrown engine, lying: what a wait came to is written by its key alone. For `durabench chaos --drivers`.
import { driver as honest } from '../../drivers/homegrown/driver.ts'
import { withMutation } from '../mutant.ts'

export const driver = withMutation('unfenced-waits', { parkAfterMs: 60_000 })({ ...honest, title: 'homegrown, whose waits are written without the fence' })
