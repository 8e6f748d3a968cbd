/** Workflow numbers are handed out in blocks, so that a start needs no round trip; a partition holds ten blocks. */
export const blockSize = 100_000
export const blocksPerPartition = 10
export const runsPerPartition = blocksPerPartition * blockSize
