# TensorFlow Serving: the command in a task definition, a pod or `docker run` goes through mkl-launch.
# The shims catch it also where a shell or a Kubernetes `command:` takes the place of the ENTRYPOINT.
ARG BASE_IMAGE=763104351884.dkr.ecr.us-east-1.amazonaws.com/tensorflow-inference:2.18.0-cpu-py310-ubuntu20.04-ec2
FROM ${BASE_IMAGE}
COPY --from=mkl-launch /opt/mkl-launch /opt/mkl-launch
ENV PATH=/opt/mkl-launch/shims:/opt/mkl-launch/bin:$PATH
RUN mkl-launch --prepare --install-shims /opt/mkl-launch/shims tensorflow_model_server
ENTRYPOINT ["mkl-launch", "--"]
