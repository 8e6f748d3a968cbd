// Stops a file system as a power cut does: what was not written to the device by now never will be. The kernel offers it to tests of
// file systems (ext4 and XFS, as `xfs_io -x -c shutdown`); Node has no ioctl, so an interpreter that nearly every Linux has makes the call.
import { ServiceError } from '../error.ts'
import { hasTool, runTool } from './tool.ts'

/** _IOR('X', 125, __u32), and the way in which not even the journal is flushed. */
const shutdownRequest = 0x8004587d
const withoutFlush = 2

const ways = [
  ['perl', '-e', `sysopen(my $d, $ARGV[0], 0) or die "$!\\n"; my $how = pack("L", ${withoutFlush}); ioctl($d, ${shutdownRequest}, $how) or die "$!\\n"`],
  ['python3', '-c', `import fcntl, os, struct, sys; fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), ${shutdownRequest}, struct.pack("I", ${withoutFlush}))`],
] as const

/** The interpreter that makes the call; undefined: there is none. */
export const shutdownWay = (): string | undefined => ways.find(([program]) => hasTool(program))?.[0]

/** Of the file system that is mounted there. */
export async function shutDown(mountPoint: string): Promise<void> {
  const way = ways.find(([program]) => hasTool(program))
  if (way === undefined) throw new ServiceError({ expected: 'perl or python3, to cut the power of a file system', found: 'neither', todo: 'install one of them' })
  await runTool([...way, mountPoint])
}
