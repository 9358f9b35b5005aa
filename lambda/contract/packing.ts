/**
 * Bytes of the largest layer that shares an invocation with others, where a deployment says nothing: it is sent within
 * seconds, less than an upload of its own costs in states and starts.
 */
export const LARGEST_PACKED_LAYER = 32 * 1024 ** 2;
