import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { refuse } from '../bootstrap/say.mjs'

const digestOf = (file) => createHash('sha256').update(readFileSync(file)).digest('hex')

/** SHA256SUMS as `sha256sum -c` reads it, of every file of the folder. */
export function writeDigests(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort()
  const lines = files.map((file) => `${digestOf(file)}  ${file.slice(folder.length + 1)}`)
  writeFileSync(join(folder, 'SHA256SUMS'), `${lines.join('\n')}\n`)
  return { files: files.length }
}

/** The same folder gives the same archive: names in order, one instant, no owner. */
export function writeArchive(folder, outDir, takenAt) {
  const archive = join(outDir, `${basename(folder)}.tar.gz`)
  const fixed = ['--sort=name', `--mtime=${takenAt}`, '--owner=0', '--group=0', '--numeric-owner', '--format=gnu']
  const result = spawnSync('tar', [...fixed, '--use-compress-program=gzip -n', '-cf', archive, '-C', dirname(folder), basename(folder)], {
    encoding: 'utf8',
  })
  if (result.status !== 0) refuse('打包失败。', `tar failed: ${result.error ?? result.stderr}`)
  const sha256 = digestOf(archive)
  writeFileSync(`${archive}.sha256`, `${sha256}  ${basename(archive)}\n`)
  return { archive, bytes: statSync(archive).size, sha256 }
}
