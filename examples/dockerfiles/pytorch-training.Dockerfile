# Training with PyTorch: `docker run image python train.py`, `docker run image torchrun ...`
ARG BASE_IMAGE=763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.6.0-cpu-py312-ubuntu22.04-ec2
FROM ${BASE_IMAGE}
COPY --from=mkl-launch /opt/mkl-launch /opt/mkl-launch
ENV PATH=/opt/mkl-launch/bin:$PATH
RUN mkl-launch --prepare
ENTRYPOINT ["mkl-launch", "--"]
