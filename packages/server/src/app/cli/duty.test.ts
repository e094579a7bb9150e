import { expect, test } from 'vitest'
import { UsageError } from './command.ts'
import { command } from './duty.ts'

test.each([
  ['no instant', [], '--at is missing'],
  ['an instant that is none', ['--at', 'tonight'], '--at: "tonight" is not an instant'],
  ['a language that is none', ['--at', '2026-09-18T02:00', '--lang', 'fr'], '--lang is zh or en'],
])('wrong use: %s', async (_, args, message) => {
  await expect(command.run(args)).rejects.toThrow(UsageError)
  await expect(command.run(args)).rejects.toThrow(message)
})
