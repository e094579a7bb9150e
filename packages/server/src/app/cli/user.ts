import { randomInt } from 'node:crypto'
import { userInfo } from 'node:os'
import { parseArgs } from 'node:util'
import { identityApi } from '@changbai/contract/identity.ts'
import type { z } from 'zod'
import { addPerson, disablePerson, enablePerson, readPeople, resetPassword } from '../../modules/identity/index.ts'
import { systemActor } from '../../platform/actor.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { ProblemError } from '../../platform/fail.ts'
import { fieldErrors, problemBody } from '../../platform/problem.ts'
import { type Command, LANGUAGES, languageOf, print, printJson, UsageError } from './command.ts'
import { withServer } from './data.ts'

const usage = `usage: changbai user list [--q TEXT] [--json]
       changbai user create --sign-in NAME --name NAME [--unit UNIT] [--phone PHONE] [--email MAIL] [--json]
       changbai user disable SIGN_IN --reason TEXT [--json]
       changbai user enable SIGN_IN --reason TEXT [--json]
       changbai user reset SIGN_IN [--json]

create and reset print a password once; it must be changed at the first sign-in. Roles are granted in the browser, where
the security administrator approves them. Needs the database: DATABASE_URL, or the embedded one.`

const PASSWORD_LENGTH = 20
const CLASSES = ['abcdefghijkmnpqrstuvwxyz', 'ABCDEFGHJKLMNPQRSTUVWXYZ', '23456789', '-+=%@']

/** One character of every class first, the rest from all, in random order: passes any policy of length 20 or less. */
function makePassword(): string {
  const pick = (from: string): string => from[randomInt(from.length)] ?? ''
  const characters = [...CLASSES.map(pick), ...Array.from({ length: PASSWORD_LENGTH - CLASSES.length }, () => pick(CLASSES.join('')))]
  for (let last = characters.length - 1; last > 0; last--) {
    const other = randomInt(last + 1)
    ;[characters[last], characters[other]] = [characters[other] ?? '', characters[last] ?? '']
  }
  return characters.join('')
}

function parsed<S extends z.ZodType>(schema: S, input: unknown, language: 'zh' | 'en'): z.output<S> {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  throw new UsageError(
    fieldErrors(result.error, LANGUAGES[language])
      .map(({ path, message }) => `${path}: ${message}`)
      .join('\n'),
  )
}

const ofSignIn = async (ctx: Ctx, signIn: string) => {
  const { items } = await readPeople(ctx, { q: signIn, limit: 200 })
  const person = items.find((one) => one.signIn === signIn)
  if (!person) throw new UsageError(`there is no account ${JSON.stringify(signIn)}`)
  return person
}

interface Asked {
  verb: string
  signIn: string | undefined
  values: Record<string, string | undefined>
  language: 'zh' | 'en'
}

/** @returns what is printed under --json, and in words */
async function answer(ctx: Ctx, { verb, signIn, values, language }: Asked): Promise<[json: unknown, words: string]> {
  const needed = (): string => {
    if (signIn === undefined) throw new UsageError(`user ${verb} needs the sign-in name`)
    return signIn
  }
  switch (verb) {
    case 'list': {
      const { items } = await readPeople(ctx, { q: values.q, limit: 200 })
      const lines = items.map((one) =>
        [one.signIn, one.name, one.unit ?? '—', one.active ? 'active' : 'disabled', one.roles.join(',')].join('\t'),
      )
      return [items, lines.join('\n')]
    }
    case 'create': {
      const password = makePassword()
      const { 'sign-in': name, reason: _, q: __, ...rest } = values
      const input = parsed(identityApi.createPerson.input, { ...rest, signIn: name, password }, language)
      const personId = await addPerson(ctx, input, { temporary: true })
      return [{ personId, signIn: input.signIn, password }, `${input.signIn}\t${password}`]
    }
    case 'reset': {
      const person = await ofSignIn(ctx, needed())
      const password = makePassword()
      await resetPassword(ctx, { personId: person.id, password })
      return [{ personId: person.id, signIn: person.signIn, password }, `${person.signIn}\t${password}`]
    }
    case 'disable':
    case 'enable': {
      if (!values.reason) throw new UsageError(`user ${verb} needs --reason`)
      const person = await ofSignIn(ctx, needed())
      const change = verb === 'disable' ? disablePerson : enablePerson
      const changed = await change(ctx, { personId: person.id, reason: values.reason })
      return [changed, `${changed.signIn}\t${changed.active ? 'active' : 'disabled'}`]
    }
    default:
      throw new UsageError('user knows: list, create, disable, enable, reset')
  }
}

export const command: Command = {
  usage,
  async run(args) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        q: { type: 'string' },
        'sign-in': { type: 'string' },
        name: { type: 'string' },
        unit: { type: 'string' },
        phone: { type: 'string' },
        email: { type: 'string' },
        reason: { type: 'string' },
        lang: { type: 'string', default: 'zh' },
        json: { type: 'boolean', default: false },
      },
    })
    const [verb, signIn, ...rest] = positionals
    const { lang, json, ...given } = values
    const language = languageOf(lang)
    if (verb === undefined || !['list', 'create', 'disable', 'enable', 'reset'].includes(verb) || rest.length > 0) {
      throw new UsageError('user knows: list, create, disable, enable, reset')
    }
    const actor = systemActor(`command line (${userInfo().username})`)
    try {
      const [result, words] = await withServer((server) =>
        server.runtime.door.enter({ actor, locale: LANGUAGES[language] }, (ctx) => answer(ctx, { verb, signIn, values: given, language })),
      )
      if (json) printJson(result)
      else if (words !== '') print(words)
      return 0
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error
      const problem = problemBody(error.kind, LANGUAGES[language], error.params, error.errors)
      if (json) printJson(problem)
      else process.stderr.write(`${problem.title}\n`)
      return 1
    }
  },
}
