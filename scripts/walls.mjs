/**
 * The walls between packages, modules and layers (.dependency-cruiser.cjs). A checker that sees nothing also reports nothing, so this script
 * 1. fails when fewer modules were cruised than there are source files, and
 * 2. plants one violation per rule in a temporary house and expects each to be caught.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cruise } from 'dependency-cruiser'
import { orderPlants, plants } from './walls-plants.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const config = createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs'))
const sourceFolders = [
  'packages/contract/src',
  'packages/verify/src',
  'packages/server/src',
  'packages/server/test',
  'packages/web/src',
  'e2e',
  'bench',
  'scripts',
]
const sourceName = /(?<!\.d)\.(ts|tsx|mjs|cjs)$/

const listSources = (base, folders) =>
  folders.flatMap((folder) => {
    try {
      return readdirSync(join(base, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && sourceName.test(entry.name))
        .map((entry) => join(entry.parentPath, entry.name))
    } catch (error) {
      if (error.code === 'ENOENT') return []
      throw error
    }
  })

async function findViolations(base) {
  const folders = sourceFolders.filter((folder) => listSources(base, [folder]).length > 0)
  const { options, forbidden } = config
  const result = await cruise(
    folders,
    { ...options, baseDir: base, validate: true, ruleSet: { forbidden } },
    {},
    {
      tsConfig: { options: { allowImportingTsExtensions: true } },
    },
  )
  const cruised = result.output.modules.filter(({ source }) => sourceFolders.some((folder) => source.startsWith(`${folder}/`)))
  return { violations: result.output.summary.violations, cruised: cruised.length }
}

function layHouse(base, files) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(base, path)), { recursive: true })
    writeFileSync(join(base, path), text)
  }
  symlinkSync(join(root, 'node_modules'), join(base, 'node_modules'))
  writeFileSync(
    join(base, 'tsconfig.base.json'),
    '{"compilerOptions":{"module":"nodenext","allowImportingTsExtensions":true,"noEmit":true}}\n',
  )
  writeFileSync(join(base, 'package.json'), '{"type":"module"}\n')
}

const complaints = []

const sources = listSources(root, sourceFolders)
const house = await findViolations(root)
for (const { from, to, rule } of house.violations) complaints.push(`${rule.name}: ${from} -> ${to}`)
if (house.cruised < sources.length)
  complaints.push(`only ${house.cruised} of ${sources.length} source files were cruised: the walls are blind`)

const unknown = readdirSync(join(root, 'packages/server/src/modules'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !config.moduleGroups.flat().includes(entry.name))
  .map((entry) => entry.name)
if (unknown.length > 0) complaints.push(`modules without a place in the order of .dependency-cruiser.cjs: ${unknown.join(', ')}`)

const allPlants = { ...plants, ...orderPlants(config.moduleGroups) }
const topModules = config.moduleGroups.at(-1).map((name) => `module-order-${name}`)
for (const { name } of config.forbidden) {
  const files = allPlants[name]
  if (files === undefined) {
    if (!topModules.includes(name)) complaints.push(`${name}: no planted violation in scripts/walls-plants.mjs`)
    continue
  }
  const base = mkdtempSync(join(tmpdir(), 'walls-'))
  try {
    layHouse(base, files)
    process.chdir(base)
    const { violations } = await findViolations(base)
    if (!violations.some((violation) => violation.rule.name === name)) complaints.push(`${name}: the planted violation was not caught`)
  } finally {
    process.chdir(root)
    rmSync(base, { recursive: true })
  }
}

for (const complaint of complaints) console.log(complaint)
const summary = `${house.cruised} modules cruised, ${config.forbidden.length} rules, each seen to fire`
console.log(complaints.length === 0 ? `walls: ${summary}` : `walls: ${complaints.length} complaints`)
process.exitCode = complaints.length === 0 ? 0 : 1
