// The same suite with every wait in nobody's memory.
import { conforms } from '../conformance/testing/conforms.ts'
import { driver } from './driver.ts'

await conforms(driver, [], 'parking')
