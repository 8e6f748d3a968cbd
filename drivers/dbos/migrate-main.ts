// Creates DBOS's tables. A process of its own, because DBOS reports on stdout, where the harness may be writing JSON; and
// before the workers, since two that launch at once on an empty database would race to migrate it.
import { DBOS } from '@dbos-inc/dbos-sdk'
import { databaseVariable } from './settings.ts'

const url = process.env[databaseVariable]
if (url === undefined) throw new Error(`${databaseVariable} is not set: this program is spawned by the dbos driver, which puts the database's URL there`)
await DBOS.migrate(url)
