// Shopify's Toxiproxy, built from the module in this folder.
import type { GoBuild } from '../go/build.ts'

export const toxiproxyModule: GoBuild<'toxiproxy-server'> = {
  folder: import.meta.dirname,
  title: 'Toxiproxy',
  module: 'github.com/Shopify/toxiproxy/v2',
  instead: 'give one that runs on this machine with --toxiproxy HOST:PORT',
  programs: { 'toxiproxy-server': 'github.com/Shopify/toxiproxy/v2/cmd/server' },
  flags: ['-trimpath', '-buildvcs=false', '-mod=readonly'],
  cost: 'about a minute and 0.2 GB (downloads included)',
}
