import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'

// What runs on the domestic platforms: Kylin V10, openEuler and UOS, on x64 and arm64, all of them with glibc.
interface Locked {
  version?: string
  resolved?: string
  integrity?: string
  dev?: boolean
  link?: boolean
  cpu?: string[]
  os?: string[]
  libc?: string | string[]
  optionalDependencies?: Record<string, string>
}
const { packages } = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../../../package-lock.json'), 'utf8')) as {
  packages: Record<string, Locked>
}
const at = (path: string): Locked => packages[`node_modules/${path}`] ?? {}
const serves = (name: string, cpu: string): boolean => {
  const { os = [], cpu: cpus = [], libc } = at(name)
  return os.includes('linux') && cpus.includes(cpu) && (libc === undefined || [libc].flat().includes('glibc'))
}
/** Packages that run with the product and choose a binary by platform. */
const native = Object.entries(packages).flatMap(([path, { dev, optionalDependencies = {} }]) => {
  const choices = Object.keys(optionalDependencies).filter((name) => at(name).os !== undefined)
  return dev || choices.length === 0 ? [] : [{ path: path || 'the product itself', choices }]
})

test('there are such packages, so that the next test cannot pass on nothing', () => {
  expect(native.map(({ path }) => path)).toEqual(expect.arrayContaining(['the product itself', 'node_modules/@node-rs/argon2']))
})

test.each(native)('$path has a binary for x64 and for arm64, each with its digest', ({ choices }) => {
  for (const cpu of ['x64', 'arm64']) {
    const chosen = choices.filter((name) => serves(name, cpu))
    expect(chosen, cpu).not.toEqual([])
    for (const name of chosen) expect(at(name).integrity, name).toMatch(/^sha512-/)
  }
})

test('the lockfile carries no address of any registry', () => {
  const addresses = Object.entries(packages).filter(([, { resolved, link }]) => resolved !== undefined && !link)
  expect(addresses.map(([path]) => path)).toEqual([])
})
