"""Measures of masks and mattes: numpy and OpenCV only, summed in float64.

Every measure is pure functions, as in torchmetrics: one maps or counts the errors of one frame
(`absolute_error`, `j_update`), `tally` sums a map to a small frozen state, and `mad_compute(state)`
turns a state into the number that papers print. States of the same measure add up, which pools
their pixels::

    state = tally(absolute_error(pred, truth), band)      # Tally(total=..., count=...)
    mad_compute(state + tally(absolute_error(pred2, truth2), band2))

`pred` and `truth` are (H, W) alphas in [0, 1]. `band` is an (H, W) bool mask: only its pixels
count (a trimap's unknown region); without it the whole picture does. Errors of connectivity and of
gradients are found on the whole picture and then counted inside the band. A state without a single
pixel computes to NaN where a mean is asked for, and to 0 where a sum is.

=========  ==================  =======  ==========================================================
name       file                scale    measure
=========  ==================  =======  ==========================================================
mad, mse   `alpha`             x 1e3    mean absolute, mean squared difference
sad        `alpha`             / 1e3    sum of absolute differences
grad       `gradient`          / 1e3    difference of gradient magnitudes
conn       `connectivity`      / 1e3    difference of connectedness to the largest region
dtssd      `temporal`          x 1e2    difference of changes since the frame before
j (iou)    `regions`           [0, 1]   overlap of what is more than half opaque
f          `regions`           [0, 1]   agreement of its boundaries
imq        `imq`               x 1e2    instance matting quality, four numbers
=========  ==================  =======  ==========================================================

`video.VideoMeter` streams over one object's frames, `video.InstanceMeter` over sets of objects.
"""
