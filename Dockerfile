# The image that others copy from:
#   COPY --from=mkl-launch /opt/mkl-launch /opt/mkl-launch
#   ENV PATH=/opt/mkl-launch/bin:$PATH
#   ENTRYPOINT ["mkl-launch", "--"]
ARG PYTHON_IMAGE=python:3.13-slim
FROM ${PYTHON_IMAGE} AS build
COPY . /src
RUN python3 -m pip install --no-cache-dir --target /opt/mkl-launch /src

FROM ${PYTHON_IMAGE}
COPY --from=build /opt/mkl-launch /opt/mkl-launch
RUN ln -s /opt/mkl-launch/bin/mkl-launch /usr/local/bin/mkl-launch \
 && mkl-launch --version
ENTRYPOINT ["mkl-launch", "--"]
CMD ["mkl-launch", "--explain"]
