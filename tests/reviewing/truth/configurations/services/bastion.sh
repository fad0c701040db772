#!/bin/sh
hostnamectl set-hostname bastion
systemctl enable --now amazon-ssm-agent
