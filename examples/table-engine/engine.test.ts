import { conforms } from 'durabench/conforms'
import { driver } from './driver.ts'

await conforms(driver, ['transact', 'uncancellable', 'renew', 'upgrade'])
