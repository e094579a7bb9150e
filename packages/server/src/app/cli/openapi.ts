import { parseArgs } from 'node:util'
import { productVersion } from '../../platform/version.ts'
import { apis } from '../apis.ts'
import { openApiDocument } from '../openapi.ts'
import { type Command, print } from './command.ts'

export const command: Command = {
  usage: `usage: changbai openapi [--json]

Prints the OpenAPI 3.1 document of everything the server answers.`,
  async run(args) {
    const { values } = parseArgs({ args, options: { json: { type: 'boolean', default: false } } })
    print(JSON.stringify(openApiDocument(apis, productVersion()), null, values.json ? 0 : 2))
    return 0
  },
}
