// Refuses any package in package-lock.json whose `engines.node` excludes the oldest Node that must build the web
// (Debian 12's own), or that names a registry host. Prints what it refuses; exits 1 if anything.
import { readFileSync } from 'node:fs'
import semver from 'semver'

const oldest_node = '18.19.0'
/** A verifier of certificates that the contract tests hold ours against, where Node is new enough: nothing is built with it. */
const of_tests_alone = /^node_modules\/@sd-jwt\//
const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'))

const refused = Object.entries(lock.packages).flatMap(([path, entry]) => {
  const range = entry.engines?.node
  if (range && !of_tests_alone.test(path) && !semver.satisfies(oldest_node, range)) return [`${path} ${entry.version} asks for Node ${range}`]
  if (/^https?:/.test(entry.resolved ?? '')) return [`${path} names a registry: run npm with omit-lockfile-registry-resolved`]
  return []
})

for (const line of refused) console.error(`check-node-engines: ${line}`)
console.log(`check-node-engines: ${Object.keys(lock.packages).length} packages, ${refused.length} refused (Node ${oldest_node})`)
process.exitCode = refused.length ? 1 : 0
