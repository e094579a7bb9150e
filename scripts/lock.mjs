/**
 * Completes package-lock.json after an installation. A registry mirror may carry the binaries of some platforms only; npm then leaves the
 * others out of the lockfile, and `npm ci` refuses such a lockfile everywhere. Their versions are pinned by the package that asks for them
 * and their platform is in their name, so they can be entered without being fetched; where one is installed it comes without integrity hash.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const file = fileURLToPath(new URL('../package-lock.json', import.meta.url))
const systems = ['android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32', 'aix']
const processors = {
  arm: 'arm',
  arm64: 'arm64',
  eabi: 'arm',
  gnueabihf: 'arm',
  ia32: 'ia32',
  loong64: 'loong64',
  mips64el: 'mips64el',
  ppc64: 'ppc64',
  ppc64le: 'ppc64',
  riscv64: 'riscv64',
  s390x: 's390x',
  universal: null,
  wasm32: 'wasm32',
  x64: 'x64',
}
const libraries = { gnu: 'glibc', musl: 'musl' }

/** Which machines a package such as `@rolldown/binding-linux-arm64-musl` is for. */
function platformOf(name) {
  const words = name.split(/[-/]/)
  const os = systems.find((system) => words.includes(system))
  const cpu = words.map((word) => processors[word]).find(Boolean)
  const libc = os === 'linux' ? words.map((word) => libraries[word]).find(Boolean) : undefined
  return { ...(os && { os: [os] }), ...(cpu && { cpu: [cpu] }), ...(libc && { libc: [libc] }) }
}

const lock = JSON.parse(readFileSync(file, 'utf8'))
const added = []
for (const [path, { optionalDependencies = {}, dev }] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const nested = path === '' ? `node_modules/${name}` : `${path}/node_modules/${name}`
    if (lock.packages[`node_modules/${name}`] || lock.packages[nested]) continue
    const platform = platformOf(name)
    if (!/^\d/.test(version) || Object.keys(platform).length === 0)
      throw new Error(`${path} wants ${name}@${version}: not a pinned platform package`)
    lock.packages[`node_modules/${name}`] = { version, ...platform, ...(dev && { dev: true }), optional: true }
    added.push(name)
  }
}
const check = process.argv.includes('--check')
if (!check && added.length > 0) {
  const sorted = Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1))
  writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`)
}
console.log(added.length === 0 ? 'the lockfile is complete' : `${check ? 'missing (run: npm run lock)' : 'entered'} ${added.join(' ')}`)
process.exitCode = check && added.length > 0 ? 1 : 0
