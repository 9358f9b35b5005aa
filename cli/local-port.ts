/** TCP port of the local AWS where none is asked for. */
export const LOCAL_PORT = 4566;
