import { existsSync, readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'

export interface Command {
  /** How it is called, shown by --help and after wrong use. */
  usage: string
  /** @returns the exit code: 0 fine, 1 a finding
   *  @throws UsageError for wrong use */
  run(args: string[]): Promise<number>
}

/** The caller can put it right by calling differently: exit code 2. */
export class UsageError extends Error {}

export const print = (text: string): void => {
  process.stdout.write(`${text}\n`)
}
export const printJson = (value: unknown): void => print(JSON.stringify(value))

/** @throws UsageError when the file is not there or cannot be read */
export function readInput(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw new UsageError(code === 'ENOENT' ? `${file}: there is no such file` : `${file}: ${message}`)
  }
}

const ROOT = resolve(import.meta.dirname, '../../../../..')
/** The plan this installation runs on. */
export const shippedPlan = (): string => resolve(ROOT, process.env.PLAN_DIR ?? `plan/${process.env.PLAN ?? 'jilin'}`)

/** @throws UsageError when the folder is not there */
export function requireFolder(folder: string): string {
  if (!existsSync(folder)) throw new UsageError(`${folder}: there is no such folder`)
  if (!statSync(folder).isDirectory()) throw new UsageError(`${folder}: not a folder`)
  return folder
}

export const LANGUAGES = { zh: 'zh-CN', en: 'en-US' } as const
/** @throws UsageError */
export function languageOf(text: string): 'zh' | 'en' {
  if (text !== 'zh' && text !== 'en') throw new UsageError(`--lang is zh or en, not ${JSON.stringify(text)}`)
  return text
}
