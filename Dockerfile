# The image that others copy from:
#   COPY --from=mkl-launch /opt/mkl-launch /opt/mkl-launch
#   ENV PATH=/opt/mkl-launch/bin:$PATH
#   RUN mkl-launch --prepare
#   ENTRYPOINT ["mkl-launch", "--"]
# One directory, no package of the target's is used or touched: any Python from 3.9 on starts it, and for the two
# that build this it is compiled already, into one file each. For images that have none: `docker build --target
# with-python`, which adds one.
ARG PYTHON_IMAGE=docker.io/library/python:3.13-slim
ARG TEST_IMAGE=docker.io/library/python:3.9-slim

FROM ${PYTHON_IMAGE} AS build
COPY . /src
# Pinned with hashes; not into the image's own Python, which may be its distribution's. Of psutil, without the modules
# of other systems than Linux.
RUN python3 -m pip install --no-cache-dir --require-hashes --target /build \
      --requirement /src/entrypoint/build-requirements.txt \
 && PYTHONPATH=/build python3 -m pip install --no-cache-dir --no-deps --no-build-isolation \
      --no-compile --target /opt/mkl-launch /src \
 && python3 -m pip install --no-cache-dir --require-hashes --target /opt/mkl-launch \
      --requirement /src/entrypoint/requirements.txt \
 && find /opt/mkl-launch/psutil -regex '.*/_ps\(aix\|bsd\|osx\|sunos\|windows\)\..*' -delete

# In another image than the one it was built in, as it will be used.
FROM ${TEST_IMAGE} AS test
COPY --from=build /opt/mkl-launch /opt/mkl-launch
RUN PYTHONPATH=/opt/mkl-launch python3 -B -c "from mkl_launch.image import bundle; bundle.write()" \
 && /opt/mkl-launch/bin/mkl-launch --version \
 && test "$(OMP_NUM_THREADS=3 /opt/mkl-launch/bin/mkl-launch -q -- printenv OMP_NUM_THREADS)" = 3 \
 && echo "weight: $(du -sk /opt/mkl-launch | cut -f1) KiB"

# A Python of its own, with the C library that it needs: in any image of this architecture, musl's too.
FROM ${PYTHON_IMAGE} AS python
COPY entrypoint/collect-python /collect-python
RUN sh /collect-python /opt/mkl-launch/python

FROM ${PYTHON_IMAGE} AS with-python
COPY --from=test /opt/mkl-launch /opt/mkl-launch
COPY --from=python /opt/mkl-launch/python /opt/mkl-launch/python
# It starts without a shell: by that Python, wherever it is copied to.
RUN du -sk /opt/mkl-launch && /opt/mkl-launch/bin/mkl-launch --prepare && /opt/mkl-launch/bin/mkl-launch --version

FROM ${PYTHON_IMAGE}
COPY --from=test /opt/mkl-launch /opt/mkl-launch
RUN ln -s /opt/mkl-launch/bin/mkl-launch /usr/local/bin/mkl-launch && mkl-launch --prepare && mkl-launch --version
ENTRYPOINT ["mkl-launch", "--"]
CMD ["mkl-launch", "--explain"]
