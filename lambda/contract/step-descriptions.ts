/** What each state of the workflow does, for people; states that only choose or wait have no line. */
export const STEPS: Readonly<Record<string, string>> = {
  InspectTarball: 'finds the images and layers in the tarball',
  PrepareRepositories: 'looks whether the repositories are there or may be created',
  StageLayers: 'compresses plain layers, and sends the large ones on the way',
  FindMissingLayers: 'asks ECR which layers it has',
  VerifyLayers: 'compares layers with their digests, where that is before any is sent',
  UploadLayers: 'sends what is missing, and completes it when all is right',
  PutImage: 'puts manifests, then tags, and reads them back',
  WriteReceipt: 'writes down what was pushed',
  DiagnoseImage: 'finds the cause, and sets the image aside',
  DiagnoseFailure: 'finds the cause and what to do',
};
