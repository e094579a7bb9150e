import { spawnSync } from 'node:child_process'

/** Installs Debian packages, in CI only: on a person's machine we do not touch the system. */
export function installWithApt(...packages) {
  if (!process.env.CI || process.getuid?.() !== 0) return
  const options = { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }
  console.log(`installing ${packages.join(' ')}`)
  if (spawnSync('apt-get', ['update', '-qq'], options).status === null) return
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], options)
}
