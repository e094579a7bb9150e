import { spawnSync } from 'node:child_process'
import { chown, mkdir, stat } from 'node:fs/promises'
import { EmbeddedFailure } from './failure.ts'

/**
 * PostgreSQL refuses to run as root. A person in a container usually is root, and a clone under /root hides both binaries and data from
 * every other user. Three ways were seen to work, each forbidden somewhere; the first that works is taken:
 * - `unshare`: a user namespace in which root is called nobody; the files stay root's
 * - `setpriv`: nobody, with the one capability to pass folders that are closed to it; the data belongs to nobody
 * - `moved`: plainly nobody, binaries and data in a folder that nobody can reach, whose name is printed
 * A user other than root needs nothing: `same`.
 */
export type Way = 'same' | 'unshare' | 'setpriv' | 'moved'

/** How to start a program on a way: a prefix to its command line, or the ids of the user to become. */
export interface StepDown {
  way: Way
  prefix: string[]
  user: { uid: number; gid: number } | null
}

const NOBODY = 65_534

const setprivTo = (uid: number, gid: number): string[] => [
  'setpriv',
  `--reuid=${uid}`,
  `--regid=${gid}`,
  '--clear-groups',
  '--inh-caps=+dac_override',
  '--ambient-caps=+dac_override',
  '--securebits=+no_setuid_fixup',
]

const unshare = ['unshare', '--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`]

/** Does a program started this way run as somebody else than root, reach the binaries, and may it write into the folder? */
function works(step: StepDown, bin: string, folder: string): boolean {
  const [command, ...rest] = [...step.prefix, 'sh', '-c', 'test "$(id -u)" != 0 && test -w "$0" && "$1/postgres" --version', folder, bin]
  const result = spawnSync(command as string, rest, { stdio: 'ignore', timeout: 10_000, ...(step.user ?? {}) })
  return result.status === 0
}

/** Who owns the data, if there is any yet. */
const ownerOf = async (path: string): Promise<{ uid: number; gid: number } | null> => {
  try {
    const { uid, gid } = await stat(path)
    return { uid, gid }
  } catch {
    return null
  }
}

/**
 * @param data the data directory, which may not exist yet; its owner decides which way was taken before
 * @param parent the folder it lies in
 * @param allowed ways to consider, for tests
 * @throws EmbeddedFailure cannot-drop-root, foreign-owner
 */
export async function findStepDown(
  data: string,
  parent: string,
  bin: string,
  allowed: readonly Way[] = ['same', 'unshare', 'setpriv', 'moved'],
): Promise<StepDown> {
  const uid = process.getuid?.()
  const owner = await ownerOf(data)
  if (uid !== 0) {
    if (owner && uid !== undefined && owner.uid !== uid)
      throw new EmbeddedFailure('foreign-owner', `${data} belongs to user ${owner.uid}, this process runs as ${uid}`)
    return { way: 'same', prefix: [], user: null }
  }
  const steps: StepDown[] = []
  if (!owner || owner.uid === 0) steps.push({ way: 'unshare', prefix: unshare, user: null })
  const target = owner && owner.uid !== 0 ? owner : { uid: NOBODY, gid: NOBODY }
  if (owner?.uid !== 0) steps.push({ way: 'setpriv', prefix: setprivTo(target.uid, target.gid), user: null })
  if (!owner) steps.push({ way: 'moved', prefix: [], user: { uid: NOBODY, gid: NOBODY } })

  for (const step of steps.filter(({ way }) => allowed.includes(way))) {
    if (step.way === 'moved' || works(step, bin, parent)) return step
  }
  throw new EmbeddedFailure('cannot-drop-root', 'unshare, setpriv')
}

/** Makes a folder that the stepped-down user owns. */
export async function makeOwned(folder: string, step: StepDown): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  if (step.way === 'setpriv' || step.way === 'moved') await chown(folder, NOBODY, NOBODY)
}
