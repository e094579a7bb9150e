import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { refuse } from '../bootstrap/say.mjs'

/** What may be shipped; of a choice ("A OR B") one of these is enough, of a sum ("A AND B") all must be. */
const allowed = new Set([
  'MIT',
  'MIT-0',
  'MIT/X11',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'Apache-2.0',
  'MPL-2.0',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'Unlicense',
  'Zlib',
  'PostgreSQL',
  'Python-2.0',
  'OFL-1.1',
])

/** Packages that state nothing, read by a person: what their licence file or their repository says. */
const stated = { buffers: 'MIT', 'bpmn-js': 'SEE LICENSE IN LICENSE' }

export const isAllowed = (licence) =>
  licence
    .replace(/[()]/g, '')
    .split(/ OR /)
    .some((choice) => choice.split(/ AND /).every((one) => allowed.has(one.trim())))

const licenceOf = ({ name, license, licenses }) =>
  typeof license === 'string' ? license : (license?.type ?? licenses?.[0]?.type ?? stated[name] ?? 'unknown')

/** Folders of all installed packages, nested ones too. */
export function* installed(modules) {
  for (const entry of readdirSync(modules, { withFileTypes: true })) {
    // links are our own packages
    if (!entry.isDirectory() || entry.name.startsWith('.')) continue
    const path = join(modules, entry.name)
    if (entry.name.startsWith('@')) yield* installed(path)
    else {
      if (existsSync(join(path, 'package.json'))) yield path
      if (existsSync(join(path, 'node_modules'))) yield* installed(join(path, 'node_modules'))
    }
  }
}

/** Copies every licence text and lists them; refuses to ship a package that may not be shipped. @returns the packages by their path */
export function writeLicences(folder) {
  const target = join(folder, 'licences')
  mkdirSync(target)
  const packages = []
  const refused = []
  for (const path of installed(join(folder, 'node_modules'))) {
    const description = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'))
    const licence = licenceOf(description)
    if (!isAllowed(licence) && !(description.name in stated)) refused.push(`${description.name} ${description.version}: ${licence}`)
    const plain = `${description.name}-${description.version}`.replace(/[@/]/g, '_')
    for (const file of readdirSync(path).filter((name) => /^(licen[cs]e|copying|notice)/i.test(name) && !/\.(js|ts|mjs)$/.test(name)))
      copyFileSync(join(path, file), join(target, `${plain}-${file}`))
    packages.push({ path: path.slice(folder.length + 1), name: description.name, version: description.version, licence })
  }
  if (refused.length > 0) refuse('有依赖包的许可证不在允许之列。', `These packages may not be shipped:\n${refused.join('\n')}`)
  packages.sort((a, b) => (a.path < b.path ? -1 : 1))
  const lines = packages.map(({ name, version, licence }) => `${name}\t${version}\t${licence}`)
  writeFileSync(join(folder, 'licences.tsv'), `package\tversion\tlicence\n${lines.join('\n')}\n`)
  return packages
}
