import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const algorithms = { sha512: 'SHA-512', sha256: 'SHA-256', sha1: 'SHA-1' }

/** The digest that npm checked when it fetched the archive, as the lockfile holds it. */
function hashesOf({ integrity } = {}) {
  const [, name, base64] = /^(sha\d+)-(.+)$/.exec(integrity ?? '') ?? []
  return algorithms[name] ? [{ alg: algorithms[name], content: Buffer.from(base64, 'base64').toString('hex') }] : []
}

/**
 * CycloneDX 1.6 of exactly the packages in the bundle. `npm sbom` refuses a tree whose development packages were left out, and from the
 * lockfile alone it lists those of every platform.
 */
export function writeBillOfMaterials(folder, packages, { version, platform, takenAt }) {
  const lock = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')).packages
  const components = packages.map(({ path, name, version, licence }) => ({
    type: 'library',
    'bom-ref': path,
    name,
    version,
    purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
    licenses: [/ (AND|OR) /.test(licence) ? { expression: licence } : { license: { name: licence } }],
    hashes: hashesOf(lock[path]),
  }))
  const digest = createHash('sha256').update(JSON.stringify(components)).digest('hex')
  const uuid = `${digest.slice(0, 8)}-${digest.slice(8, 12)}-5${digest.slice(13, 16)}-8${digest.slice(17, 20)}-${digest.slice(20, 32)}`
  const bill = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuid}`,
    version: 1,
    metadata: {
      timestamp: new Date(takenAt).toISOString(),
      component: {
        type: 'application',
        'bom-ref': 'changbai',
        name: 'changbai',
        version,
        properties: [{ name: 'platform', value: platform }],
      },
    },
    components,
  }
  writeFileSync(join(folder, 'sbom.cdx.json'), `${JSON.stringify(bill, null, 2)}\n`)
}
