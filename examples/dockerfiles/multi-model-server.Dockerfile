# Multi Model Server: AWS's own entry script stays, behind mkl-launch. A new ENTRYPOINT clears the CMD, so it
# is said again. The worker of each CPU gets one thread.
ARG BASE_IMAGE=763104351884.dkr.ecr.us-east-1.amazonaws.com/huggingface-pytorch-inference:2.6.0-transformers4.51.3-cpu-py312-ubuntu22.04
FROM ${BASE_IMAGE}
COPY --from=mkl-launch /opt/mkl-launch /opt/mkl-launch
RUN ln -s /opt/mkl-launch/bin/mkl-launch /usr/local/bin/ && mkl-launch --prepare
ENTRYPOINT ["mkl-launch", "--", "python", "/usr/local/bin/dockerd-entrypoint.py"]
CMD ["serve"]
