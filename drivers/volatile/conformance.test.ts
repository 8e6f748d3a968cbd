import { conforms } from '../conformance/testing/conforms.ts'
import { driver } from './driver.ts'

await conforms(driver, ['transact', 'uncancellable', 'renew', 'journal', 'takeover', 'upgrade'])
